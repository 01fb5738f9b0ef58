-- dataset: shop
-- code: unknown_field
-- fragment: price
SELECT sum(price) FROM shop
