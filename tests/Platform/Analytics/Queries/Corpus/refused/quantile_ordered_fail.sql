-- dataset: shop
-- code: unsupported_sql
SELECT quantile_cont(amount, 0.5 ORDER BY qty) FROM shop
