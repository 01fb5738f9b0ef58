-- dataset: shop
SELECT action, sum(amount) / count(*) AS per_row FROM shop GROUP BY action
