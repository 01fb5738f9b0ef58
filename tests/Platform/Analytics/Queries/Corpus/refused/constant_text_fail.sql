-- dataset: shop
-- code: invalid_query
SELECT 'march' AS label, count(*) FROM shop
