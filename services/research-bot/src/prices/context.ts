/** What the words around a number say about it. */
export type Role = 'plain' | 'current' | 'original' | 'from' | 'aside';

const words = (list: string) => new RegExp(`(?<!\\p{L})(?:${list})(?!\\p{L})[^\\p{L}\\d]*$`, 'iu');
const anywhere = (list: string) => new RegExp(`(?<!\\p{L})(?:${list})`, 'iu');

const original = words(
	'was|were|rrp|msrp|srp|list price|regular price|reg\\.?|reg price|instead of|originally|original price|compare at|old price|' +
		'statt|uvp|vorher|bisher|früher|listenpreis|alter preis|unverb\\. preisempf|unverbindliche preisempfehlung|' +
		'au lieu de|prix conseillé|prix barré|ancien prix|avant|' +
		'antes|precio anterior|pvpr?|en lugar de|prima|invece di|anziché|prezzo di listino|listino|' +
		'van|adviesprijs|ord\\.?|ord\\.? ?pris|tidigare|førpris|før|aiemmin|norm\\.?|' +
		'było|cena regularna|cena katalogowa|zamiast|původně|původní cena|běžná cena|bylo|' +
		'de|preço original|старая цена|было|стара ціна|вместо|eski fiyat|liste fiyatı|' +
		'定価|通常価格|参考価格|原价|原價|市场价|정가|كان|بدلا من',
);
const current = words(
	'now|now only|only|just|sale|sale price|deal|our price|price|special price|today|' +
		'jetzt|nur|jetzt nur|aktuell|preis|sonderpreis|angebotspreis|angebot|maintenant|seulement|prix|promo|' +
		'ahora|oferta|solo|precio|por|adesso|ora|prezzo|nu|voor|prijs|pris|nyt|hinta|' +
		'teraz|cena|tylko|nyní|akce|сейчас|цена|ціна|fiyat|şimdi|' +
		'特価|セール価格|販売価格|価格|现价|售价|促销价|판매가|الآن|السعر',
);
const from = words(
	'from|starting at|starts at|as low as|ab|à partir de|dès|desde|a partir de|da|a partire da|vanaf|från|fra|od|już od|от|від|από|alkaen|最安|起',
);
const asideBefore = anywhere(
	'shipping|delivery|postage|versand|lieferung|porto|livraison|envío|gastos de envío|frete|spedizion|verzend|frakt|fragt|toimitus|dostaw|доставк|' +
		'you save|save|saving|sie sparen|spare|ersparnis|économi|ahorr|risparmi|bespaar|spar|oszczęd|экономия|' +
		'rabatt|discount|remise|descuento|sconto|korting|скидк|coupon|voucher|gutschein|cashback|deposit|pfand|' +
		'monthly|monatlich|grundpreis|unit price|x(?!\\p{L})|payments? of|installments?|raten|mensualit|parcelas|cuotas|' +
		'(?:kg|g|l|ml|cl|m|stk|stück|piece) ?=',
);
const unit =
	'(?:kg|g|l|lt|ltr|liter|litre|ml|cl|m|m2|qm|oz|lb|mo|month|monat|mois|mes|mese|mês|week|day|year|yr)';
const asideAfter = new RegExp(
	`^[^\\p{L}\\d]*(?:(?:/|per|pro|je|par|por|al|a) ?(?:\\d+ ?)?${unit}|off|rabatt|less|cheaper|cashback|mtl|` +
		'monatlich|monthly|de remise|di sconto|korting|discount|shipping|delivery|postage|versand|lieferung|' +
		'livraison|de envío|frete|di spedizione|verzendkosten|frakt|dostawa|доставка)(?!\\p{L})',
	'iu',
);

/**
 * The role of a number between the text before it (back to the number before) and after it. "aside"
 * is money, but not the price: shipping, savings, instalments, price per kilogram.
 */
export function roleOf(before: string, after: string): Role {
	if (asideAfter.test(after) || asideBefore.test(before.slice(-40))) return 'aside';
	if (from.test(before)) return 'from';
	if (original.test(before)) return 'original';
	if (current.test(before)) return 'current';
	return 'plain';
}
