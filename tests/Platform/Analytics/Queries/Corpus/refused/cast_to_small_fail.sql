-- dataset: shop
-- code: cast_not_total
SELECT sum(qty::tinyint) FROM shop
