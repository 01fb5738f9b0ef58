-- dataset: shop
-- code: unsupported_sql
SELECT count(*) FROM (SELECT * EXCLUDE (qty) FROM shop)
