/** The event is about something that we have not been told of yet: asked again soon, and dropped in the end. */
export class NotYet extends Error {
	override readonly name = 'NotYet';
}

/** The event must have a transaction of its own. */
export class NotTogether extends Error {
	override readonly name = 'NotTogether';
}

/** The event can't be placed in time, or does not say enough: its object must be asked for, outside of the transaction. */
export class NeedsFetch extends Error {
	override readonly name = 'NeedsFetch';
}
