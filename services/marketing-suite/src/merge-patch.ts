type Json = Record<string, unknown>;

/** JSON merge patch (RFC 7396): objects are merged, null removes a member, anything else replaces it. */
export function mergePatch(target: Json, patch: Json): Json {
	const kept = Object.entries(target).filter(([name]) => !Object.hasOwn(patch, name));
	const changed = Object.entries(patch)
		.filter(([, value]) => value !== null)
		.map(([name, value]) => {
			const merged = isObject(value) ? mergePatch(asObject(target[name]), value) : value;
			return [name, merged] as const;
		});
	return Object.fromEntries([...kept, ...changed]);
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Json {
	return isObject(value) ? value : {};
}
