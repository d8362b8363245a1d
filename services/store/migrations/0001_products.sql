CREATE TABLE products (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
	title text NOT NULL,
	description text NOT NULL DEFAULT '',
	status text NOT NULL CHECK (status IN ('draft', 'published', 'archived')),
	tags text[] NOT NULL DEFAULT '{}',
	media jsonb NOT NULL DEFAULT '[]',
	attributes jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	published_at timestamptz,
	-- 'simple' stems nothing: a catalogue is in any language, and a buyer types the words that are there.
	search tsvector NOT NULL GENERATED ALWAYS AS (
		setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', description), 'C')
	) STORED
);
CREATE INDEX products_newest ON products (created_at DESC, id DESC);
CREATE INDEX products_status ON products (status, created_at DESC, id DESC);
CREATE INDEX products_tags ON products USING gin (tags);
CREATE INDEX products_search ON products USING gin (search);

CREATE TABLE variants (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
	position int NOT NULL,
	sku text NOT NULL UNIQUE,
	title text NOT NULL,
	-- Minor units of the currency: cents, yen, fils.
	price_amount bigint NOT NULL CHECK (price_amount >= 0),
	price_currency text NOT NULL CHECK (price_currency ~ '^[A-Z]{3}$'),
	stock int NOT NULL DEFAULT 0 CHECK (stock >= 0),
	options jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX variants_product ON variants (product_id, position);
CREATE INDEX variants_price ON variants (price_currency, price_amount);

-- Every change of a stock, so that the column can be proven from its history.
CREATE TABLE stock_movements (
	id uuid PRIMARY KEY DEFAULT uuidv7(),
	variant_id uuid NOT NULL REFERENCES variants ON DELETE CASCADE,
	delta int NOT NULL,
	reason text NOT NULL,
	correlation_id text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stock_movements_variant ON stock_movements (variant_id, id);
