export { layOut } from './geometry.ts';
export type { Box, Layout, PlacedEdge, PlacedNode } from './layout.ts';
export { drawMermaid } from './mermaid.ts';
export type { Port, Ports } from './port.ts';
export { declaredPorts, isTrigger } from './ports.ts';
export { drawSvg, type DrawOptions } from './svg.ts';
export type { ThemeName } from './theme.ts';
