-- dataset: shop
-- code: unsupported_sql
SELECT date_trunc('month', first) AS month, count(*) FROM (SELECT "user", min(time ORDER BY nosuch) AS first FROM shop GROUP BY "user") GROUP BY 1
