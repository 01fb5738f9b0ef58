-- dataset: shop
-- code: cast_not_total
SELECT qty::varchar, count(*) FROM shop GROUP BY 1
