-- dataset: shop
-- code: cast_not_total
SELECT sum(amount)::float / count(*) FROM shop
