-- dataset: shop
SELECT date_trunc('day', t), count(*) FROM (SELECT time AS t FROM shop WHERE time >= DATE '2024-02-01') WHERE t < DATE '2024-03-01' GROUP BY 1
