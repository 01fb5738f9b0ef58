-- dataset: shop
-- code: cast_not_total
SELECT sum(amount::int) FROM shop
