-- dataset: shop
SELECT d, count(*) FROM (SELECT date_trunc('day', time) AS d FROM shop) GROUP BY d
