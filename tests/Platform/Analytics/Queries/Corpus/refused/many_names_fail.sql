-- dataset: shop
-- code: invalid_query
SELECT count(*) FROM (SELECT qty FROM shop) s(a, b)
