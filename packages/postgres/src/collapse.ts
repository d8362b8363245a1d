/** Asks a question unless others are asking it. */
export type Collapse<Answer> = (key: string, ask: () => Promise<Answer>) => Promise<Answer>;

interface Asking<Answer> {
	/** Resolves when the answer is there, or will not come. */
	over: Promise<void>;
	/** Asked as soon as that is over, for all who came meanwhile. */
	next: Promise<Answer> | undefined;
}

/**
 * Request collapsing: those who ask the same at the same time share one answer. Who comes while an answer is on its way
 * gets the next one, which is asked after they came, so nobody is told what was true before they asked.
 * @returns a function to ask through; `key` says what makes two questions the same
 */
export function createCollapse<Answer>(): Collapse<Answer> {
	const questions = new Map<string, Asking<Answer>>();

	function begin(key: string, ask: () => Promise<Answer>): Promise<Answer> {
		const answer = ask();
		const nothing = () => undefined;
		const asking: Asking<Answer> = { over: answer.then(nothing, nothing), next: undefined };
		questions.set(key, asking);
		void asking.over.then(() => {
			if (asking.next === undefined) questions.delete(key);
		});
		return answer;
	}

	return (key, ask) => {
		const asking = questions.get(key);
		if (asking === undefined) return begin(key, ask);
		asking.next ??= asking.over.then(() => begin(key, ask));
		return asking.next;
	};
}
