-- dataset: shop
SELECT action, count(*) FROM shop GROUP BY action HAVING action IN ('buy', 'look')
