import type { Availability } from './availability.ts';

/**
 * Phrases by meaning, the most specific meaning first: "not in stock" must be found before "in
 * stock". English, German, French, Italian, Spanish, Portuguese, Dutch, Swedish, Norwegian, Danish,
 * Finnish, Polish, Czech, Slovak, Hungarian, Romanian, Bulgarian, Croatian, Greek, Turkish, Russian,
 * Ukrainian, Hebrew, Arabic, Hindi, Chinese, Japanese, Korean, Thai, Vietnamese, Indonesian.
 */
const lists: [Availability, string][] = [
	[
		'discontinued',
		`discontinued | no longer available | no longer sold | end of life | nicht mehr lieferbar
		| nicht mehr erhältlich | nicht mehr verfügbar | auslaufartikel ausverkauft
		| n'est plus disponible | plus commercialisé | non più disponibile | fuori produzione
		| descatalogado | ya no está disponible | descontinuado | niet meer leverbaar | utgått
		| utgår | wycofany | ukončený prodej | megszűnt | снят с производства
		| знято з виробництва | 販売終了 | 生産終了 | 已停产 | 停产 | 已下架 | 단종`,
	],
	[
		'preorder',
		`pre-order | preorder | pre order | coming soon | vorbestell | erscheint am | demnächst
		| précommande | précommander | à paraître | preordina | preordine | prenota ora
		| reserva ahora | preventa | pré-venda | pré-encomenda | pre-bestel | reserveer nu
		| förbeställ | förboka | forhåndsbestill | forudbestil | ennakkotila | przedsprzedaż
		| předobjedn | predobjedn | előrendel | precomand | предзаказ | передзамовлення
		| προπαραγγελία | ön sipariş | הזמנה מוקדמת | طلب مسبق | 予約受付 | 予約商品 | 预售 | 預購 | 预订 | 예약판매
		| 예약구매 | đặt trước`,
	],
	[
		'out_of_stock',
		`out of stock | out-of-stock | sold out | not in stock | currently unavailable
		| temporarily unavailable | not available | unavailable | no stock
		| notify me when available | email me when available | back in stock soon | ausverkauft
		| nicht auf lager | nicht verfügbar | nicht lieferbar | nicht vorrätig
		| derzeit vergriffen | vergriffen | momentan nicht | rupture de stock | en rupture
		| épuisé | indisponible | non disponible | pas en stock | esaurito | non disponibile
		| non è disponibile | agotado | sin existencias | sin stock | no disponible
		| fuera de stock | esgotado | indisponível | sem estoque | sem stock | fora de estoque
		| uitverkocht | niet op voorraad | niet beschikbaar | niet leverbaar | slutsåld
		| slut i lager | ej i lager | finns ej i lager | utsolgt | ikke på lager | udsolgt
		| loppu varastosta | loppuunmyyty | ei varastossa | tilapäisesti loppu | brak w magazynie
		| niedostępny | wyprzedan | chwilowo niedostępn | produkt niedostępny | vyprodáno
		| není skladem | nedostupné | vypredané | nie je na sklade | momentálne nedostupn
		| nincs raktáron | elfogyott | nem elérhető | nem rendelhető | stoc epuizat | indisponibil
		| nu este în stoc | изчерпан | няма в наличност | rasprodano | nije dostupno | nedostupno
		| εξαντλ | μη διαθέσιμο | tükendi | stokta yok | stoklarda yok | нет в наличии
		| распродано | закончился | недоступен | немає в наявності | розпродано | אזל מהמלאי
		| לא במלאי | غير متوفر | نفدت الكمية | نفذت الكمية | نفد من المخزون | स्टॉक में नहीं
		| स्टॉक समाप्त | 在庫切れ | 在庫なし | 売り切れ | 品切れ | 完売 | 入荷待ち | 缺货 | 無貨 | 无货 | 售罄 | 售完 | 已售完 | 补货中
		| 품절 | 일시품절 | 재고 없음 | สินค้าหมด | หมดสต็อก | hết hàng | tạm hết | stok habis
		| habis terjual`,
	],
	[
		'backorder',
		`backorder | back-order | back order | available on order | ships in 4 weeks
		| auf bestellung | wird nachbestellt | auf nachbestellung | sur commande | su ordinazione
		| bajo pedido | sob encomenda | op bestelling | beställningsvara | bestillingsvare
		| tilaustuote | na zamówienie | na objednávku | rendelésre | la comandă | под заказ
		| під замовлення | κατόπιν παραγγελίας | 取り寄せ | 주문 후`,
	],
	[
		'in_store_only',
		`in store only | in-store only | nur in der filiale | nur im markt
		| en magasin uniquement | solo in negozio | solo en tienda | alleen in de winkel
		| endast i butik | 店舗限定 | 店頭のみ`,
	],
	[
		'limited',
		`low stock | limited stock | few left | almost gone | last one | left in stock
		| selling fast | hurry | nur noch | wenige verfügbar | geringer bestand | fast ausverkauft
		| plus que | derniers exemplaires | dernières pièces | stock limité | presque épuisé
		| ultimi pezzi | ultimi disponibili | disponibilità limitata | últimas unidades
		| pocas unidades | últimas peças | nog maar | bijna uitverkocht | laatste stuks | få kvar
		| få i lager | få igjen | få tilbage | vain muutama | ostatnie sztuki | poslední kus
		| posledný kus | utolsó darab | ultimele bucăți | stoc limitat | последни бройки
		| son ürün | sınırlı stok | мало осталось | осталось мало | закінчується | 残りわずか | 残り
		| 库存紧张 | 仅剩 | 품절임박 | sắp hết`,
	],
	[
		'in_stock',
		`in stock | in-stock | available now | available for delivery | ready to ship
		| ships today | ships within | add to cart | add to basket | add to bag | buy now
		| auf lager | lieferbar | sofort lieferbar | verfügbar | vorrätig | in den warenkorb
		| in den einkaufswagen | en stock | disponible | ajouter au panier | disponibile
		| disponibilità immediata | aggiungi al carrello | en existencia | añadir al carrito
		| añadir a la cesta | agregar al carrito | em estoque | em stock | disponível
		| adicionar ao carrinho | comprar agora | op voorraad | leverbaar | in winkelwagen
		| in winkelmandje | i lager | finns i lager | lägg i varukorg | på lager
		| legg i handlekurv | læg i kurv | varastossa | lisää ostoskoriin | dostępny | w magazynie
		| dodaj do koszyka | skladem | do košíku | na sklade | skladom | do košíka | raktáron
		| kosárba | în stoc | in stoc | adaugă în coș | в наличност | налично | na zalihi
		| dostupno | dodaj u košaricu | διαθέσιμο | σε απόθεμα | στο καλάθι | stokta | sepete ekle
		| в наличии | есть в наличии | в корзину | в наявності | є в наявності | до кошика | במלאי
		| הוסף לסל | متوفر | في المخزون | أضف إلى السلة | स्टॉक में | कार्ट में जोड़ें | 在庫あり
		| カートに入れる | 有货 | 有貨 | 现货 | 加入购物车 | 加入購物車 | 재고 있음 | 장바구니 | มีสินค้า | หยิบใส่ตะกร้า
		| còn hàng | thêm vào giỏ | stok tersedia | tambah ke keranjang`,
	],
];

export const availabilityPhrases = lists.map(([value, list]): [Availability, string[]] => [
	value,
	list.split('|').map((text) => text.trim()),
]);
