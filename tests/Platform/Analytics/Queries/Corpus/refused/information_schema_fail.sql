-- dataset: shop
-- code: unsupported_sql
SELECT count(*) FROM information_schema.tables
