-- dataset: shop
SELECT count(b.qty), count(*) FROM visits b RIGHT JOIN shop a ON a."user" = b."user"
