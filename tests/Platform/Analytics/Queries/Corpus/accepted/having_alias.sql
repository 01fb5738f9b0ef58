-- dataset: shop
SELECT action, count(*) AS n FROM shop GROUP BY action HAVING n BETWEEN 10 AND 20 OR NOT n > 5
