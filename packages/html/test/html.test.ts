import { describe, expect, it } from '@jest/globals';
import { html } from '../src/index.ts';

describe('a template', () => {
	it('escapes what is put into it, in text and in attributes', () => {
		expect(html`<p title="${'"><b>'}">${"<script>&'"}</p>`.text).toBe(
			'<p title="&quot;&gt;&lt;b&gt;">&lt;script&gt;&amp;&#39;</p>',
		);
	});

	it('takes other templates and lists of them as they are, and leaves out what is not there', () => {
		const parts = ['a<', 'b'].map((text) => html`<i>${text}</i>`);
		expect(html`<b>${parts}${null}${undefined}${false}${0}</b>`.text).toBe(
			'<b><i>a&lt;</i><i>b</i>0</b>',
		);
	});
});
