-- dataset: shop
-- code: unsupported_sql
SELECT count(*) FROM shop WHERE city IS DISTINCT FROM 'a'
