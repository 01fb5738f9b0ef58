-- dataset: shop
SELECT hour(time), count(*) FROM shop GROUP BY hour(time)
