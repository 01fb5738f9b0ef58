-- dataset: shop
SELECT qty > 5, count(*) FROM shop GROUP BY qty > 5
