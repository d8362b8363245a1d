import { isObject, type Json, type JsonObject } from '../model/json.ts';

/** A port a node has whether something is connected to it or not. */
export interface Port {
	/** 'main', 'ai_tool' ... */
	type: string;
	/** '' for none. */
	label: string;
	required: boolean;
}

export interface Ports {
	inputs: Port[];
	outputs: Port[];
}

export const LANGCHAIN = '@n8n/n8n-nodes-langchain.';
export const BASE = 'n8n-nodes-base.';
/** More are not drawn. */
export const MAX_PORTS = 64;

export const main = (label = ''): Port => ({ type: 'main', label, required: false });
export const needs = (type: string, label: string): Port => ({
	type: `ai_${type}`,
	label,
	required: true,
});
export const takes = (type: string, label: string): Port => ({
	type: `ai_${type}`,
	label,
	required: false,
});
export const model = (label = 'Model') => needs('languageModel', label);

export function object(value: Json | undefined): JsonObject {
	return value !== undefined && isObject(value) ? value : {};
}

export function list(value: Json | undefined): Json[] {
	return Array.isArray(value) ? value.slice(0, MAX_PORTS) : [];
}

export function text(value: Json | undefined): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

export function label(value: Json | undefined): string {
	return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function countOf(value: Json | undefined, byDefault: number): number {
	const count = typeof value === 'number' && Number.isFinite(value) ? Math.floor(value) : byDefault;
	return Math.max(0, Math.min(MAX_PORTS, count));
}

export function numbered(count: number, port: (index: number) => Port): Port[] {
	return Array.from({ length: count }, (_, index) => port(index));
}
