-- dataset: shop
SELECT date_trunc('day', a.time), count(*) FROM shop a JOIN visits b USING ("user") WHERE a.time >= DATE '2024-03-01' AND a.time < DATE '2024-04-01' GROUP BY 1
