-- dataset: shop
SELECT count(*) FROM shop a JOIN shop b ON a."user" = b."user"
