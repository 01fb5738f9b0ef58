-- dataset: shop
-- code: not_grouped
SELECT qty + 1, count(*) FROM shop GROUP BY qty
