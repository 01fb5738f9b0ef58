-- dataset: shop
-- code: unsupported_sql
SELECT sum(amount ORDER BY nosuch, random()) FROM shop
