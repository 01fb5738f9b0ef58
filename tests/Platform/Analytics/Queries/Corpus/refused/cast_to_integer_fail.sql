-- dataset: shop
-- code: cast_not_total
-- fragment: CAST(city AS INTEGER)
SELECT sum(CAST(city AS INTEGER)) FROM shop
