-- dataset: shop
SELECT count(*) FROM (SELECT "user", sum(qty) AS total FROM shop GROUP BY "user" HAVING total >= 10)
