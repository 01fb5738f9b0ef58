-- dataset: shop
SELECT extract(hour FROM time) AS h, count(*) FROM shop GROUP BY h
