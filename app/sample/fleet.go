package sample

// Fleet makes the fleet that cfg describes and gives it to each, one device
// after another. A History and all in it belong to the receiver; Fleet keeps
// nothing of it, so memory is bounded by one device. An error of each ends
// Fleet and is returned as it is.
func Fleet(cfg Config, each func(*History) error) error {
	cfg, err := cfg.complete()
	if err != nil {
		return err
	}
	plants := plantedOn(newPlants(cfg), cfg.Devices)
	for i := range cfg.Devices {
		if err := each(simulate(cfg, i, plants[i])); err != nil {
			return err
		}
	}
	return nil
}
