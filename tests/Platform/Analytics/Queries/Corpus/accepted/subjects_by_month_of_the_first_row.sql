-- dataset: shop
SELECT date_trunc('month', first) AS month, count(*) FROM (SELECT "user", min(time) AS first FROM shop GROUP BY "user") GROUP BY 1
