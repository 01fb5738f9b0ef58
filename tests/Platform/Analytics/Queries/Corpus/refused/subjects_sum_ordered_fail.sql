-- dataset: shop
-- code: unsupported_sql
SELECT count(*) FROM (SELECT "user", sum(qty ORDER BY nosuch) AS n FROM shop GROUP BY "user") WHERE n > 3
