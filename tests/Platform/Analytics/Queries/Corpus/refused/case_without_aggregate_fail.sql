-- dataset: shop
-- code: unsupported_sql
SELECT CASE WHEN count(*) > 10 THEN 1 ELSE 0 END FROM shop
