/** What n8n offers to expressions and to code, by the names in its documentation and those it keeps for old files. */
export const N8N_VARIABLES: ReadonlySet<string> = new Set([
	...['$json', '$binary', '$input', '$node', '$items', '$item', '$prevNode', '$parameter'],
	...['$rawParameter', '$runIndex', '$itemIndex', '$index', '$position', '$mode', '$now', '$today'],
	...['$workflow', '$execution', '$executionId', '$resumeWebhookUrl', '$env', '$vars', '$secrets'],
	...['$data', '$self', '$thisItem', '$thisItemIndex', '$thisRunIndex', '$nodeVersion', '$nodeId'],
	...[
		'$webhookId',
		'$agentInfo',
		'$tool',
		'$fromAI',
		'$fromAi',
		'$fromai',
		'$jmespath',
		'$jmesPath',
	],
	...['$if', '$ifEmpty', '$min', '$max', '$average', '$not', '$evaluateExpression'],
	...[
		'$getPairedItem',
		'$getWorkflowStaticData',
		'$request',
		'$response',
		'$pageCount',
		'$version',
	],
	...['$responseItem', '$parent', '$value', '$credentials', '$connections', '$helpers', '$ai'],
	...['$getNodeParameter', '$item', '$nodeName', '$chatInput'],
]);
