-- dataset: shop
SELECT left(city, 1) AS initial, count(*) FROM shop GROUP BY initial
