-- dataset: shop
SELECT count(*) FROM (SELECT "user", count(*) AS n FROM shop GROUP BY "user") t WHERE n >= 3
