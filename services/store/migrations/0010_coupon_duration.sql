-- What a coupon does to a subscription: it is taken off the first payment only, or off every one.
ALTER TABLE coupons ADD COLUMN duration text NOT NULL DEFAULT 'once' CHECK (duration IN ('once', 'forever'));
