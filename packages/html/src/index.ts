export { Html, html, type Piece } from './html.ts';
export { pageHeaders } from './headers.ts';
export { stylesheet, type Stylesheet } from './stylesheet.ts';
