-- dataset: shop
SELECT time::date, count(*) FROM shop GROUP BY time::date
