-- dataset: shop
SELECT /* all */ count(*) -- rows
FROM shop;
