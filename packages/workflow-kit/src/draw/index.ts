export { layOut, type Box, type Layout, type PlacedEdge, type PlacedNode } from './geometry.ts';
export { drawMermaid } from './mermaid.ts';
export { declaredPorts, isTrigger, type Port, type Ports } from './ports.ts';
export { drawSvg, type DrawOptions } from './svg.ts';
export type { ThemeName } from './theme.ts';
