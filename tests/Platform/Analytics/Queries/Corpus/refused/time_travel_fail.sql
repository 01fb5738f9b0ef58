-- dataset: shop
-- code: unsupported_sql
SELECT count(*) FROM shop AT (VERSION => 1)
