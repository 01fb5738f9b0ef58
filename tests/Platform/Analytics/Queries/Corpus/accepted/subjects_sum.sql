-- dataset: shop
SELECT avg(s) FROM (SELECT "user", greatest(0, least(100, sum(qty))) AS s FROM shop GROUP BY "user")
