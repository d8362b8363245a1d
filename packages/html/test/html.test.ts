import { describe, expect, it } from '@jest/globals';
import { html } from '../src/index.ts';

describe('a template', () => {
	it('escapes what is put into it, in text and in attributes', () => {
		expect(html`<p title="${'"><b>'}">${"<script>&'"}</p>`.text).toBe(
			'<p title="&quot;&gt;&lt;b&gt;">&lt;script&gt;&amp;&#39;</p>',
		);
	});

	it('takes other templates and lists of them as they are, and leaves out what is not there', () => {
		const rows = ['a<', 'b'].map((text) => html`<li>${text}</li>`);
		expect(
			html`<ul>
				${rows}${null}${undefined}${false}${0}
			</ul>`.text,
		).toBe('<ul><li>a&lt;</li><li>b</li>0</ul>');
	});
});
