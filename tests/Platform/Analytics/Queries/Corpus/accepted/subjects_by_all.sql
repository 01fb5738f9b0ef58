-- dataset: shop
SELECT count(*) FROM (SELECT "user", city, sum(qty) AS s FROM shop GROUP BY ALL) WHERE s > 4 AND city IS NOT NULL
