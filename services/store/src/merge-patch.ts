type Json = Record<string, unknown>;

/** JSON merge patch (RFC 7396): objects are merged, null removes a member, anything else replaces it. */
export function mergePatch(target: Json, patch: Json): Json {
	const merged = { ...target };
	for (const [name, value] of Object.entries(patch)) {
		if (value === null) delete merged[name];
		else if (isObject(value)) merged[name] = mergePatch(asObject(merged[name]), value);
		else merged[name] = value;
	}
	return merged;
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Json {
	return isObject(value) ? value : {};
}
