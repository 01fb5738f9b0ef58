-- dataset: shop
SELECT avg(spread) FROM (SELECT "user", max(qty) - min(qty) AS spread FROM shop GROUP BY "user")
