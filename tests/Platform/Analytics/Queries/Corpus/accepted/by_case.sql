-- dataset: shop
SELECT CASE WHEN qty > 5 THEN 'many' ELSE 'few' END AS size, count(*) FROM shop GROUP BY size
