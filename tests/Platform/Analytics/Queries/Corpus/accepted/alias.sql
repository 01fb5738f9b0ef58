-- dataset: shop
SELECT action, count(*) AS n FROM shop GROUP BY action
