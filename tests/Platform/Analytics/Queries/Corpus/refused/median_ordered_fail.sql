-- dataset: shop
-- code: unsupported_sql
SELECT median(amount ORDER BY qty) FROM shop
