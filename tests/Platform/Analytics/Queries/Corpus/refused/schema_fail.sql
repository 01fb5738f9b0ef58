-- dataset: shop
-- code: unsupported_sql
SELECT count(*) FROM main.shop
